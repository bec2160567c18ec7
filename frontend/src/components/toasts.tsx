import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { Link } from 'react-router';

/** What was done. */
export interface Toast {
  readonly text: string;
  readonly link?: ToastLink;
}

/** Where to see it. */
export interface ToastLink {
  readonly to: string;
  readonly text: string;
}

const shownMilliseconds = 8000;

const ToastContext = createContext<((toast: Toast) => void) | undefined>(undefined);

/** Returns a function that shows a toast. @throws outside {@link Toasts} */
export function useToast(): (toast: Toast) => void {
  const show = use(ToastContext);
  if (!show) throw new Error('useToast was called outside Toasts.');
  return show;
}

/** Shows one toast at a time. It stays while the pointer or the focus is on it. Errors are not toasts: they stay where they belong. */
export function Toasts({ children }: { readonly children: ReactNode }) {
  const [toast, setToast] = useState<Toast>();
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (!toast || isHeld) return undefined;
    const timer = setTimeout(() => {
      setToast(undefined);
    }, shownMilliseconds);
    return () => {
      clearTimeout(timer);
    };
  }, [toast, isHeld]);

  const close = () => {
    setToast(undefined);
    setHeld(false);
  };
  const hold = () => {
    setHeld(true);
  };
  const release = () => {
    setHeld(false);
  };
  return (
    <ToastContext value={setToast}>
      {children}
      <div
        className="toasts"
        aria-live="polite"
        onPointerEnter={hold}
        onPointerLeave={release}
        onFocus={hold}
        onBlur={release}
      >
        {toast && (
          <div className="toast">
            <span>{toast.text}</span>
            {toast.link && (
              <Link to={toast.link.to} onClick={close}>
                {toast.link.text}
              </Link>
            )}
            <button type="button" onClick={close}>
              Dismiss
            </button>
          </div>
        )}
      </div>
    </ToastContext>
  );
}
