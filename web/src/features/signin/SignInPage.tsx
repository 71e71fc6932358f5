import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { ApiProblem, asProblem } from '@/api/problem'
import type { SecondStep, SignedIn } from '@/api/types'
import { askPasskey } from '@/kernel/passkeys'
import { ProblemNote } from '@/ui/ProblemView'
import { DemoAccounts } from './DemoAccounts'
import { Door } from './Door'
import { OtherWays } from './OtherWays'
import { SecondStepForm } from './SecondStepForm'
import { SignInForm } from './SignInForm'
import styles from './SignInPage.module.css'
import { useEntering } from './useEntering'

export interface Credentials {
  login: string
  password: string
  organisation?: string
}

/** A second step that a single sign-on came back with: the ticket stands behind `#`. */
function useReturned(): SecondStep | null {
  const { ways } = useSearch({ from: '/sign-in' })
  const { hash } = useLocation()
  return ways && hash ? { ticket: hash, ways } : null
}

/** Signs in, in one step or two, and goes on to where the person wanted to go. */
function useSignIn() {
  const navigate = useNavigate()
  const enter = useEntering()
  const { next } = useSearch({ from: '/sign-in' })
  const [step, setStep] = useState(useReturned())
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [busy, setBusy] = useState<string | null>(null)
  const entered = (signedIn: SignedIn) => enter(signedIn, next)
  const passkey = async (organisation?: string) => {
    const begun = await api.session.passkeyOptions({ ...(organisation && { organisation }) })
    const credential = await askPasskey(begun.options)
    if (credential) await entered(await api.session.passkey({ ticket: begun.ticket, credential }))
  }
  const attempt = async (who: string, work: () => Promise<void>) => {
    setBusy(who)
    setProblem(null)
    try {
      await work()
    } catch (error) {
      setProblem(asProblem(error))
    } finally {
      setBusy(null)
    }
  }
  return {
    step,
    problem,
    busy,
    next,
    entered,
    passkey,
    signIn: (credentials: Credentials) =>
      attempt(credentials.login, async () => {
        const answer = await api.session.signIn(credentials)
        if ('ticket' in answer) setStep(answer)
        else await entered(answer)
      }),
    signInByPasskey: (organisation?: string) => attempt('passkey', () => passkey(organisation)),
    startAgain: () => {
      setStep(null)
      void navigate({ to: '/sign-in', search: next ? { next } : {}, replace: true })
    },
  }
}

const known = ['ticket_gone', 'sign_on_refused', 'no_such_account', 'too_many'] as const

/** The door: one calm form, other ways to sign in, and on a demo server the accounts to try. */
export function SignInPage() {
  const { t } = useTranslation()
  const { data: options } = useQuery({
    queryKey: ['session', 'options'],
    queryFn: api.session.options,
    staleTime: 60_000,
  })
  const { problem: returned } = useSearch({ from: '/sign-in' })
  const door = useSignIn()
  const [chosen, setChosen] = useState<string>()
  const organisations = options?.organisations ?? []
  const several = organisations.length > 1
  const organisation = several ? (chosen ?? organisations[0]?.slug) : undefined
  const accounts = options?.demo_accounts ?? []
  if (door.step) {
    return (
      <Door title={t('signin.secondTitle')} lead={t('signin.tagline')}>
        <SecondStepForm
          step={door.step}
          onEntered={door.entered}
          onPasskey={() => door.passkey(organisation)}
          onBack={door.startAgain}
        />
      </Door>
    )
  }
  const words = known.find((one) => one === returned)
  return (
    <Door
      title={t('signin.title')}
      lead={t('signin.tagline')}
      beside={
        accounts.length > 0 && (
          <DemoAccounts
            accounts={accounts}
            organisation={organisations.find((one) => one.demo)?.slug}
            busy={door.busy}
            onChoose={door.signIn}
          />
        )
      }
    >
      {returned && !door.problem && (
        <div className={styles.returned}>
          <ProblemNote
            error={new ApiProblem(0, { code: returned, detail: t(`signin.problems.${words ?? 'provider'}`) })}
          />
        </div>
      )}
      {door.next && !door.problem && !returned && <p className={styles.ended}>{t('signin.ended')}</p>}
      <SignInForm
        organisations={organisations}
        organisation={organisation}
        onOrganisation={setChosen}
        problem={door.problem}
        busy={door.busy !== null}
        onSubmit={door.signIn}
      />
      <OtherWays
        providers={options?.providers ?? []}
        organisation={organisation}
        next={door.next}
        busy={door.busy !== null}
        onPasskey={() => void door.signInByPasskey(organisation)}
      />
    </Door>
  )
}
