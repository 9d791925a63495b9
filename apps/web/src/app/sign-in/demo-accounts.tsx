import { type BuiltInRole, builtInRoles, roleTitles } from '@qd/shared/permissions';

function addressOf(role: BuiltInRole): string {
  return `${role}@demo.quarterdeck.test`;
}

/** How to try the demo as each role. Present only while demo accounts exist. A press fills the address in. */
export function DemoAccounts({ onPick }: { onPick(email: string): void }) {
  return (
    <section aria-labelledby="demo-accounts" className="mt-8 border-t border-line pt-4 text-small text-ink-2">
      <h2 id="demo-accounts" className="text-body font-semibold text-ink">
        Demo accounts
      </h2>
      <p className="mt-1">One for each role. The password stands in the terminal, where the console was started.</p>
      <ul className="mt-2 grid gap-0.5">
        {builtInRoles.map((role) => (
          <li key={role} className="flex flex-wrap items-baseline gap-x-2">
            <span className="w-[132px]">{roleTitles[role]}</span>
            <button
              type="button"
              className="mono min-h-6 rounded-2 text-ink underline decoration-line-strong underline-offset-[3px] hover:decoration-ink"
              onClick={() => onPick(addressOf(role))}
            >
              {addressOf(role)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
