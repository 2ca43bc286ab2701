using System.Net;
using System.Security.Cryptography;
using Gateway.Client.Wire;
using Gateway.Configuration;
using Gateway.Intake;

namespace Gateway.Http.Security;

/// <summary>
/// The configured tokens, kept only as SHA-256, as they are in force at each call. Without tokens everyone may do everything, and only
/// loopback is listened on. Thread-safe.
/// </summary>
internal sealed class TokenBook(RunningOptions running)
{
    private const string Local = "local";
    private const string Scheme = "Bearer ";

    private volatile Page _page = Page.Of(running.Current.Http);

    /// <param name="authorization">The header Authorization; empty if there is none.</param>
    public Caller Find(string authorization, IPAddress address)
    {
        if (!IsNeeded) return new Caller(Local, HttpRoles.All, address);
        var found = authorization.StartsWith(
            Scheme, StringComparison.OrdinalIgnoreCase) ? FindToken(authorization[Scheme.Length..].Trim()) : null;
        return found is var (name, roles) ? new Caller(name, roles, address) : new Caller(null, HttpRoles.None, address);
    }

    /// <summary>Tokens are configured, so a caller without one has no rights.</summary>
    public bool IsNeeded => Current.Tokens.Count > 0;

    /// <summary>Returns the token's name and roles; null if it is unknown.</summary>
    public (string Name, HttpRoles Roles)? FindToken(string token)
    {
        if (token.Length > ProtocolLimits.TokenBytesMax) return null;

        // All hashes are compared, in a time that does not reveal how close a guess was.
        var hash = ApplicationBook.Hash(token);
        (string, HttpRoles)? found = null;
        foreach (var (name, known, roles) in Current.Tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash)) found = (name, roles);
        }

        return found;
    }

    private Page Current
    {
        get
        {
            var (page, options) = (_page, running.Current.Http);
            return ReferenceEquals(page.Options, options) ? page : _page = Page.Of(options);
        }
    }

    /// <summary>The tokens of one configuration.</summary>
    private sealed record Page(HttpOptions Options, IReadOnlyList<(string Name, byte[] Hash, HttpRoles Roles)> Tokens)
    {
        public static Page Of(HttpOptions options) =>
            new(options, [.. options.Tokens.Select(token => (token.Key, token.Value.TokenHash(), token.Value.ToRoles()))]);
    }
}
