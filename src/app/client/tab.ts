import { useEffect } from 'preact/hooks';

/** Puts how many there are into the tab's title and icon, also while it is hidden; nothing for none. */
export function useTabCount(count: number): void {
  useEffect(() => {
    const title = document.title.replace(/^\(\d+\) /, '');
    document.title = count > 0 ? `(${count}) ${title}` : title;
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (!icon) return;
    icon.dataset.plain ??= icon.href;
    icon.href = count > 0 ? iconOf(count > 99 ? '99' : String(count)) : icon.dataset.plain;
  }, [count]);
}

function iconOf(text: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="#b23a1e"/><text x="16" y="22.5" font-family="sans-serif" font-size="${text.length > 1 ? 17 : 20}" font-weight="700" text-anchor="middle" fill="#fff">${text}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
