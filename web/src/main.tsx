import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { startLanguage } from './i18n'
import { storedLanguage } from './kernel/preferences'
import './ui/global.css'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no root element')

await startLanguage(storedLanguage())
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
