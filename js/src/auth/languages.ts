/** The texts of sign-in pages: see texts.ts. */

import type { Texts } from './texts.js';

export const LANGUAGES: Record<string, Texts> = {
  en: {
    login: 'Login',
    loginWith: 'Login with {host}',
    loggingIn: 'Logging in…',
    otherWays: 'Other ways to sign in',
    token: '{host} access token',
    tokenEmail: 'E-mail address (only with an API token)',
    getToken: 'Get a token from {place}',
    needsToken: 'Paste an access token of your {host} account first.',
    email: 'E-mail address',
    password: 'Password',
    needsPassword: 'Enter your e-mail address and your password first.',
    forgot: 'Forgot your password?',
    forgotHint: 'A link comes by e-mail: with it you choose a new password.',
    needsEmail: 'Enter your e-mail address first.',
    sendLink: 'Send the link',
    sending: 'Sending…',
    linkSent:
      'If there is an account with this address, a message with a link is on its way to it. ' +
      'If none comes within 15 minutes, look among the unwanted ones, and ask for another.',
    backToLogin: 'Back to sign-in',
    invited: 'You were invited. Choose a password for your new account.',
    recovering: 'Choose a new password for your account.',
    newPassword: 'New password',
    passwordRule: 'At least 8 characters.',
    passwordTooShort: 'This password is too short. Choose one of at least 8 characters.',
    showPassword: 'Show the password',
    savePassword: 'Save and sign in',
    linkSpent:
      'This link was used before or has expired. ' +
      'Ask for another one with “Forgot your password?”.',
    confirmsAddress:
      'Sign in with the e-mail address that you have had so far: that confirms the new one.',
    addressNotChanged:
      'Your e-mail address was not changed: the link was used before, has expired, or belongs to ' +
      'another account. Sign in with the address that you have had so far.',
    fork: 'Fork the repository',
    forking: 'Forking…',
    dontFork: "Don't fork",
    notForked:
      "Nobody is signed in: without a fork this account can't suggest changes. " +
      'Sign in with another one, or ask the owner of the repository for write access.',
  },
  de: {
    login: 'Anmelden',
    loginWith: 'Mit {host} anmelden',
    loggingIn: 'Anmeldung läuft…',
    otherWays: 'Andere Wege, sich anzumelden',
    token: '{host}-Zugangstoken',
    tokenEmail: 'E-Mail-Adresse (nur mit einem API-Token)',
    getToken: 'Ein Token bei {place} holen',
    needsToken: 'Füge zuerst ein Zugangstoken deines {host}-Kontos ein.',
    email: 'E-Mail-Adresse',
    password: 'Passwort',
    needsPassword: 'Gib zuerst deine E-Mail-Adresse und dein Passwort ein.',
    forgot: 'Passwort vergessen?',
    forgotHint: 'Du bekommst einen Link per E-Mail: Damit wählst du ein neues Passwort.',
    needsEmail: 'Gib zuerst deine E-Mail-Adresse ein.',
    sendLink: 'Link schicken',
    sending: 'Wird geschickt…',
    linkSent:
      'Wenn es ein Konto mit dieser Adresse gibt, ist eine Nachricht mit einem Link dorthin ' +
      'unterwegs. Kommt in 15 Minuten keine, sieh im Spam-Ordner nach und fordere eine neue an.',
    backToLogin: 'Zurück zur Anmeldung',
    invited: 'Du wurdest eingeladen. Wähle ein Passwort für dein neues Konto.',
    recovering: 'Wähle ein neues Passwort für dein Konto.',
    newPassword: 'Neues Passwort',
    passwordRule: 'Mindestens 8 Zeichen.',
    passwordTooShort: 'Dieses Passwort ist zu kurz. Wähle eines mit mindestens 8 Zeichen.',
    showPassword: 'Passwort anzeigen',
    savePassword: 'Speichern und anmelden',
    linkSpent:
      'Dieser Link wurde schon benutzt oder ist abgelaufen. ' +
      'Fordere mit „Passwort vergessen?“ einen neuen an.',
    confirmsAddress: 'Melde dich mit deiner bisherigen E-Mail-Adresse an: Das bestätigt die neue.',
    addressNotChanged:
      'Deine E-Mail-Adresse wurde nicht geändert: Der Link wurde schon benutzt, ist abgelaufen oder ' +
      'gehört zu einem anderen Konto. Melde dich mit deiner bisherigen Adresse an.',
    fork: 'Repository forken',
    forking: 'Fork wird angelegt…',
    dontFork: 'Nicht forken',
    notForked:
      'Niemand ist angemeldet: Ohne Fork kann dieses Konto keine Änderungen vorschlagen. ' +
      'Melde dich mit einem anderen an, oder bitte den Besitzer des Repositorys um Schreibzugriff.',
  },
  fr: {
    login: 'Se connecter',
    loginWith: 'Se connecter avec {host}',
    loggingIn: 'Connexion en cours…',
    otherWays: 'Autres façons de se connecter',
    token: 'Jeton d’accès {host}',
    tokenEmail: 'Adresse e-mail (seulement avec un jeton d’API)',
    getToken: 'Obtenir un jeton sur {place}',
    needsToken: 'Collez d’abord un jeton d’accès de votre compte {host}.',
    email: 'Adresse e-mail',
    password: 'Mot de passe',
    needsPassword: 'Saisissez d’abord votre adresse e-mail et votre mot de passe.',
    forgot: 'Mot de passe oublié ?',
    forgotHint: 'Vous recevrez un lien par e-mail pour choisir un nouveau mot de passe.',
    needsEmail: 'Saisissez d’abord votre adresse e-mail.',
    sendLink: 'Envoyer le lien',
    sending: 'Envoi en cours…',
    linkSent:
      'S’il existe un compte avec cette adresse, un message avec un lien est en route. ' +
      'Si rien n’arrive en 15 minutes, regardez parmi les indésirables, puis demandez-en un autre.',
    backToLogin: 'Retour à la connexion',
    invited: 'Vous êtes invité. Choisissez un mot de passe pour votre nouveau compte.',
    recovering: 'Choisissez un nouveau mot de passe pour votre compte.',
    newPassword: 'Nouveau mot de passe',
    passwordRule: 'Au moins 8 caractères.',
    passwordTooShort: 'Ce mot de passe est trop court. Choisissez-en un d’au moins 8 caractères.',
    showPassword: 'Afficher le mot de passe',
    savePassword: 'Enregistrer et se connecter',
    linkSpent:
      'Ce lien a déjà servi ou a expiré. ' + 'Demandez-en un autre avec « Mot de passe oublié ? ».',
    confirmsAddress:
      'Connectez-vous avec votre adresse e-mail actuelle : cela confirme la nouvelle.',
    addressNotChanged:
      'Votre adresse e-mail n’a pas été modifiée : le lien a déjà servi, a expiré ou appartient à ' +
      'un autre compte. Connectez-vous avec votre adresse actuelle.',
    fork: 'Dupliquer le dépôt',
    forking: 'Duplication en cours…',
    dontFork: 'Ne pas dupliquer',
    notForked:
      'Personne n’est connecté : sans copie du dépôt, ce compte ne peut rien proposer. ' +
      'Connectez-vous avec un autre compte, ou demandez l’accès en écriture au propriétaire du dépôt.',
  },
  es: {
    login: 'Iniciar sesión',
    loginWith: 'Iniciar sesión con {host}',
    loggingIn: 'Iniciando sesión…',
    otherWays: 'Otras formas de iniciar sesión',
    token: 'Token de acceso de {host}',
    tokenEmail: 'Correo electrónico (solo con un token de API)',
    getToken: 'Obtener un token en {place}',
    needsToken: 'Pegue primero un token de acceso de su cuenta de {host}.',
    email: 'Correo electrónico',
    password: 'Contraseña',
    needsPassword: 'Escriba primero su correo electrónico y su contraseña.',
    forgot: '¿Olvidó su contraseña?',
    forgotHint: 'Recibirá un enlace por correo para elegir una contraseña nueva.',
    needsEmail: 'Escriba primero su correo electrónico.',
    sendLink: 'Enviar el enlace',
    sending: 'Enviando…',
    linkSent:
      'Si hay una cuenta con esta dirección, va en camino un mensaje con un enlace. ' +
      'Si no llega en 15 minutos, mire en el correo no deseado y pida otro.',
    backToLogin: 'Volver al inicio de sesión',
    invited: 'Ha recibido una invitación. Elija una contraseña para su cuenta nueva.',
    recovering: 'Elija una contraseña nueva para su cuenta.',
    newPassword: 'Contraseña nueva',
    passwordRule: 'Al menos 8 caracteres.',
    passwordTooShort: 'Esta contraseña es demasiado corta. Elija una de al menos 8 caracteres.',
    showPassword: 'Mostrar la contraseña',
    savePassword: 'Guardar e iniciar sesión',
    linkSpent: 'Este enlace ya se usó o ha caducado. ' + 'Pida otro con «¿Olvidó su contraseña?».',
    confirmsAddress: 'Inicie sesión con su correo electrónico actual: así se confirma el nuevo.',
    addressNotChanged:
      'Su correo electrónico no se cambió: el enlace ya se usó, ha caducado o es de otra cuenta. ' +
      'Inicie sesión con su dirección actual.',
    fork: 'Bifurcar el repositorio',
    forking: 'Bifurcando…',
    dontFork: 'No bifurcar',
    notForked:
      'Nadie ha iniciado sesión: sin una bifurcación esta cuenta no puede proponer cambios. ' +
      'Inicie sesión con otra, o pida acceso de escritura al dueño del repositorio.',
  },
};
