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
    fork: 'Bifurcar el repositorio',
    forking: 'Bifurcando…',
    dontFork: 'No bifurcar',
    notForked:
      'Nadie ha iniciado sesión: sin una bifurcación esta cuenta no puede proponer cambios. ' +
      'Inicie sesión con otra, o pida acceso de escritura al dueño del repositorio.',
  },
};
