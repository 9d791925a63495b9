// Sets data-theme before the first paint. A file of its own because the content policy forbids inline scripts.
// 'light' or 'dark' stored under qd-theme wins; without it the system is followed, also while the page is open.
(() => {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const stored = () => {
    try {
      const theme = localStorage.getItem('qd-theme');
      return theme === 'light' || theme === 'dark' ? theme : null;
    } catch {
      return null; // storage can be switched off
    }
  };
  const apply = () => {
    root.dataset.theme = stored() ?? (system.matches ? 'dark' : 'light');
  };
  apply();
  system.addEventListener('change', apply);
})();
