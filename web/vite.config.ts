import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where the API of a running `liaoran serve` or `liaoran demo` is; the development server forwards to it. */
const server = process.env.LIAORAN_SERVER ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': { target: server, changeOrigin: false } } },
  build: {
    outDir: '../liaoran/web_dist',
    emptyOutDir: true,
    target: 'es2022',
    reportCompressedSize: true,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Few, larger files: what every page needs comes at once, pickers and editors when they are first opened.
          groups: [
            {
              name: 'react',
              test: /node_modules[\\/](react|react-dom|scheduler|@tanstack|i18next|react-i18next)[\\/]/,
            },
            { name: 'icons', test: /node_modules[\\/]lucide-react[\\/]/ },
            { name: 'antd', test: /node_modules[\\/](antd|@rc-component|@ant-design|@babel)[\\/]/, minShareCount: 6 },
            { name: 'shared', test: /src[\\/](ui|kernel|controls|api)[\\/]/, minShareCount: 4 },
          ],
        },
      },
    },
  },
})
