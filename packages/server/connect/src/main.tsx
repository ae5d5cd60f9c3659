import { createRoot } from 'react-dom/client';
import { createConnectApi } from './api/connect-api.ts';
import { App } from './app.tsx';
import { readSessionToken } from './host/read-session-token.ts';
import { createTabStorage } from './host/tab-storage.ts';
import './styles/tokens.css';
import './styles/page.css';
import './styles/controls.css';
import './styles/form.css';
import './styles/views.css';

const storage = createTabStorage(window);
const token = readSessionToken(window, storage);
const root = document.getElementById('root');
if (root) {
  const api = token === null ? null : createConnectApi(token);
  createRoot(root).render(<App api={api} page={window} storage={storage} />);
}
