import './styles/app.css';
import './lib/schemas-without-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { AppRoutes } from './app/router.tsx';
import { watchPresence } from './lib/presence.ts';
import { applyZonePreference } from './lib/time-zone.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root');

applyZonePreference(window.location, window.history);
watchPresence(window, Date.now);
createRoot(root).render(
  <StrictMode>
    <BrowserRouter>
      <AppRoutes />
    </BrowserRouter>
  </StrictMode>,
);
