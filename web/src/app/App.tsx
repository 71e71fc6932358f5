import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { onUnauthenticated } from '@/api/client'
import { asProblem } from '@/api/problem'
import { ThemeProvider } from '@/ui/theme'
import { makeRouter } from './router'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What the server refuses stays refused; only a lost connection is worth another try.
      retry: (count, error) => asProblem(error).status === 0 && count < 2,
      refetchOnWindowFocus: true,
    },
  },
})

const router = makeRouter(client)

onUnauthenticated(() => {
  const here = router.state.location
  if (here.pathname === '/sign-in' || here.pathname === '/set-password') return
  client.clear()
  void router.navigate({ to: '/sign-in', search: { next: here.href } })
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

export function App() {
  return (
    <QueryClientProvider client={client}>
      <ThemeProvider>
        <RouterProvider router={router} />
      </ThemeProvider>
    </QueryClientProvider>
  )
}
