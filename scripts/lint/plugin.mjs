/**
 * House rules the linter does not ship: each turns one sentence of a review into an error.
 * Loaded by .oxlintrc.json; proved by scripts/lint/plugin.test.mjs.
 */

const noAmbientClock = {
  create(context) {
    const report = (node, what) =>
      context.report({
        node,
        message: `${what} reads the clock or chance; take the instant (or the source of chance) as an argument.`,
      });
    return {
      MemberExpression(node) {
        if (isMember(node, 'Date', 'now')) report(node, 'Date.now');
        if (isMember(node, 'Math', 'random')) report(node, 'Math.random');
        if (isMember(node, 'performance', 'now')) report(node, 'performance.now');
      },
      NewExpression(node) {
        if (isNamed(node.callee, 'Date') && node.arguments.length === 0) report(node, 'new Date()');
      },
    };
  },
};

const roof = /\/src\/(config|main|qd)(\/|\.ts$)/;

const envIsReadOnce = {
  create(context) {
    if (roof.test(context.filename.replaceAll('\\', '/'))) return {};
    return {
      MemberExpression(node) {
        if (isMember(node, 'process', 'env')) {
          context.report({
            node,
            message:
              'Only config.ts reads process.env (main.ts and qd.ts hand it over); take the value as an argument.',
          });
        }
      },
    };
  },
};

const vague = /^(utils?|helpers?|common|misc|managers?)(\.|$)|[-.](utils?|helpers?|manager)\.[cm]?[jt]sx?$/;

const noVagueName = {
  create(context) {
    return {
      Program(node) {
        const parts = context.filename.replaceAll('\\', '/').split('/src/').at(-1).split('/');
        const bad = parts.find((part) => vague.test(part));
        if (bad) context.report({ node, message: `"${bad}" names no thing; call the file after what it holds.` });
      },
    };
  },
};

function isNamed(node, name) {
  return node?.type === 'Identifier' && node.name === name;
}

function isMember(node, object, property) {
  return isNamed(node.object, object) && !node.computed && isNamed(node.property, property);
}

const plugin = {
  meta: { name: 'qd' },
  rules: {
    'env-is-read-once': envIsReadOnce,
    'no-ambient-clock': noAmbientClock,
    'no-vague-name': noVagueName,
  },
};

export default plugin;
