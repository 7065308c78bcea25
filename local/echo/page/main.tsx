import './style.css';
import { render } from 'preact';
import { App } from './app';
import { browserSpeech } from './speech';

const root = document.getElementById('app');
if (root) render(<App speech={browserSpeech(window)} />, root);
