import { dictionary } from '../i18n/language'
import { indonesian } from './texts-id'
import { english } from './texts-en'

export const supervisorTexts = dictionary({ id: indonesian, en: english })
