import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { common } from '../i18n/common'
import { Loading } from '../ui/loading'
import { Notice } from '../ui/notice'

/** A page whose code is loaded when it is first shown. */
export function lazy(load: () => Promise<ComponentType>): ComponentType {
  return function Lazy() {
    const [Page, setPage] = useState<ComponentType>()
    const [failed, setFailed] = useState(false)
    useEffect(() => {
      load().then((page) => setPage(() => page), () => setFailed(true))
    }, [])
    if (failed) {
      // A daemon of another version has other files: loading the page anew finds them.
      return <Notice tone="bad" action={{ label: common.value.retry, act: () => location.reload() }}>{common.value.unreachable}</Notice>
    }
    return Page ? <Page /> : <Loading />
  }
}
