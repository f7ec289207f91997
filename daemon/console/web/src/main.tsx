import './style/index.css'
import { render } from 'preact'
import { App } from './app/app'
import { followLink } from './app/router'
import { startServices } from './app/services'

startServices()
document.addEventListener('click', followLink)
render(<App />, document.getElementById('app')!)
