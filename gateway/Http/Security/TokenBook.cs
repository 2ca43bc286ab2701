using System.Net;
using System.Security.Cryptography;
using Gateway.Client.Wire;
using Gateway.Configuration;
using Gateway.Intake;

namespace Gateway.Http.Security;

/// <summary>
/// The configured tokens, kept only as SHA-256. Without tokens everyone may do everything, and only loopback is listened on.
/// </summary>
internal sealed class TokenBook(IReadOnlyList<(string Name, byte[] Hash, HttpRoles Roles)> tokens)
{
    private const string Local = "local";
    private const string Scheme = "Bearer ";

    /// <param name="authorization">The header Authorization; empty if there is none.</param>
    public Caller Find(string authorization, IPAddress address)
    {
        if (!IsNeeded) return new Caller(Local, HttpRoles.All, address);
        var found = authorization.StartsWith(
            Scheme, StringComparison.OrdinalIgnoreCase) ? FindToken(authorization[Scheme.Length..].Trim()) : null;
        return found is var (name, roles) ? new Caller(name, roles, address) : new Caller(null, HttpRoles.None, address);
    }

    /// <summary>Tokens are configured, so a caller without one has no rights.</summary>
    public bool IsNeeded => tokens.Count > 0;

    /// <summary>Returns the token's name and roles; null if it is unknown.</summary>
    public (string Name, HttpRoles Roles)? FindToken(string token)
    {
        if (token.Length > ProtocolLimits.TokenBytesMax) return null;

        // All hashes are compared, in a time that does not reveal how close a guess was.
        var hash = ApplicationBook.Hash(token);
        (string, HttpRoles)? found = null;
        foreach (var (name, known, roles) in tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash)) found = (name, roles);
        }

        return found;
    }

    public static TokenBook Of(HttpOptions options) =>
        new([.. options.Tokens.Select(token => (token.Key, token.Value.TokenHash(), token.Value.ToRoles()))]);
}
