/**
 * Opens a dialog of the page; `act` gets what was typed. The dialog stays open, naming the field, when the directory
 * refuses it.
 */
export function ask(id, { title, values = {}, act }) {
  const dialog = document.getElementById(id)
  const form = dialog.querySelector('form')
  const alert = dialog.querySelector('[role=alert]')
  dialog.querySelector('h2').textContent = title
  for (const input of form.querySelectorAll('input')) input.value = values[input.name] ?? ''
  blame(form, alert)
  dialog.querySelector('[data-close]').onclick = () => dialog.close()
  form.onsubmit = async (event) => {
    event.preventDefault()
    blame(form, alert)
    try {
      await act(Object.fromEntries(new FormData(form)))
      dialog.close()
    } catch (error) {
      blame(form, alert, error)
    }
  }
  dialog.showModal()
}

function blame(form, alert, error) {
  alert.textContent = error?.message ?? ''
  for (const input of form.querySelectorAll('input')) {
    const guilty = error?.field === input.name
    input.setAttribute('aria-invalid', String(guilty))
    if (guilty) input.focus()
  }
}
