import { useEffect, type ReactNode } from 'react';
import { useTheme } from '../../lib/theme.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { LoadLine } from '../../ui/mark.tsx';
import { Rule } from '../../ui/rule.tsx';

/** The page before anyone is signed in: mark, one sentence, one form, on the same ruled sheet as the product. */
export function EntryFrame({ title, call, children }: { title: string; call: ReactNode; children: ReactNode }) {
  const { theme, toggle } = useTheme();
  useEffect(() => {
    document.title = `${title} · Quarterdeck`;
  }, [title]);
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr]">
      <header className="flex h-12 items-center gap-[9px] px-gutter">
        <LoadLine />
        <span className="text-lead font-semibold tracking-[-0.012em]">Quarterdeck</span>
        <span className="flex-1" />
        <IconButton
          icon={theme === 'dark' ? 'sun' : 'moon'}
          label={theme === 'dark' ? 'Switch to light' : 'Switch to dark'}
          onClick={toggle}
        />
      </header>
      <main className="mx-auto w-full max-w-[420px] px-gutter pt-[12vh] pb-14 phone:pt-8">
        <h1 className="text-call font-call tracking-[-0.018em] text-balance">{call}</h1>
        <Rule units={24} className="mt-4 mb-5" />
        {children}
      </main>
    </div>
  );
}
