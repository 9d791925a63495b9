import type { ApprovalView } from '@qd/shared/approvals';
import { ActDialog } from '../../../lib/act-dialog.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { useApprovalMutations } from './use-approvals.ts';

export type RequestAct = 'approve' | 'reject' | 'cancel' | 'execute';

interface Words {
  title: string;
  cost: string;
  button: string;
  done: string;
  danger: boolean;
  asksReason: boolean;
}

const words: Readonly<Record<RequestAct, Words>> = {
  approve: {
    title: 'Approve this request?',
    cost: 'Once enough people agree, who asked has 30 min to carry it out. An approval cannot be taken back.',
    button: 'Approve',
    done: 'You approved the request.',
    danger: false,
    asksReason: true,
  },
  reject: {
    title: 'Reject this request?',
    cost: 'It ends at once, whoever else agreed. It can be asked for again.',
    button: 'Reject',
    done: 'You rejected the request.',
    danger: true,
    asksReason: true,
  },
  cancel: {
    title: 'Withdraw your request?',
    cost: 'It ends at once, with the approvals it has. It can be asked for again.',
    button: 'Withdraw request',
    done: 'Your request is withdrawn.',
    danger: true,
    asksReason: false,
  },
  execute: {
    title: 'Carry it out now?',
    cost: 'Exactly what is shown happens at once. Everybody’s rights are checked again first.',
    button: 'Carry out',
    done: 'Carried out.',
    danger: false,
    asksReason: false,
  },
};

export interface RequestDialogProps {
  act: RequestAct;
  request: ApprovalView;
  onClose(): void;
}

/** Asks before something is done to a request. */
export function RequestDialog({ act, request, onClose }: RequestDialogProps) {
  const { decide, cancel, execute } = useApprovalMutations();
  const toasts = useToasts();
  const { title, cost, button, done, danger, asksReason } = words[act];
  const { id } = request;
  const run = async (reason: string): Promise<void> => {
    if (act === 'cancel') await cancel.mutateAsync({ id });
    else if (act === 'execute') await execute.mutateAsync({ id });
    else await decide.mutateAsync({ id, decision: act, reason });
    toasts.show({ message: done, detail: request.summary });
  };
  return (
    <ActDialog
      title={title}
      cost={cost}
      confirmLabel={button}
      danger={danger}
      asksReason={asksReason}
      onAct={run}
      onClose={onClose}
    />
  );
}
