// How people sign in beside with a token.

/**
 * The keys of a config.yml's backend block for a way: at the host itself (pkce, implicit), or at a
 * service in a window of its own (popup).
 * @param {{oauth: string, broker: string, app_id: string}} hosts
 * @param {'popup' | 'pkce' | 'implicit' | undefined} way
 */
export function oauthSettings({ oauth, broker, app_id }, way) {
  if (!way) return {};
  return way === 'popup' ? { base_url: broker } : { base_url: oauth, app_id, auth_type: way };
}
