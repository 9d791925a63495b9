import { DomainError } from '@qd/shared/errors';
import { describe, expect, it } from 'vitest';
import { actorWith } from '../../test/ctx.ts';
import { assertCan, assertCanSomewhere, denialOf } from './access.ts';

const errorOf = (fn: () => void): DomainError | null => {
  try {
    fn();
    return null;
  } catch (error) {
    return error as DomainError;
  }
};

describe('access to one row', () => {
  const operator = { actor: actorWith('operator', 'hashinsight') };

  it('passes where the permission is held', () => {
    expect(errorOf(() => assertCan(operator, 'slo:read', 'hashinsight'))).toBeNull();
    expect(errorOf(() => assertCan({ actor: actorWith('owner') }, 'slo:write', null))).toBeNull();
  });

  it('is forbidden on a platform the actor sees, and does not exist on one the actor does not', () => {
    expect(errorOf(() => assertCan(operator, 'slo:write', 'hashinsight'))?.code).toBe('forbidden');
    expect(errorOf(() => assertCan(operator, 'slo:read', 'web3-audit'))?.code).toBe('not_found');
    expect(errorOf(() => assertCan(operator, 'slo:read', null))?.code).toBe('forbidden');
  });

  it('says nothing of the platform in the refusal, and remembers it for the log', () => {
    const error = errorOf(() => assertCan(operator, 'slo:read', 'web3-audit'));
    expect(error?.message).not.toContain('web3-audit');
    expect(denialOf(error)).toEqual({ permission: 'slo:read', platform: 'web3-audit' });
    expect(denialOf(new DomainError('not_found', 'really not there'))).toBeNull();
  });
});

describe('access somewhere', () => {
  it('needs one grant with the permission', () => {
    expect(errorOf(() => assertCanSomewhere({ actor: actorWith('operator', 'hashinsight') }, 'slo:read'))).toBeNull();
    expect(errorOf(() => assertCanSomewhere({ actor: actorWith('stakeholder') }, 'audit:read'))?.code).toBe(
      'forbidden',
    );
    expect(errorOf(() => assertCanSomewhere({ actor: { ...actorWith('owner'), grants: [] } }, 'slo:read'))?.code).toBe(
      'forbidden',
    );
  });
});
