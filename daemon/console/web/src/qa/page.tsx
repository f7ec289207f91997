import { common } from '../i18n/common'
import { terms } from '../i18n/terms'
import { Notice } from '../ui/notice'

export function QAPage() {
  return (
    <>
      <h1>{terms.value.role.qa}</h1>
      <Notice tone="info">{common.value.comingSoon}</Notice>
    </>
  )
}
