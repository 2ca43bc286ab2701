using System.Net;
using System.Security.Cryptography;
using Gateway.Client.Wire;
using Gateway.Configuration;
using Gateway.Intake;

namespace Gateway.Http.Security;

/// <summary>
/// Knows the configured tokens, of which it keeps only the SHA-256. Without any, everybody may do everything, and only loopback is listened
/// on.
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

    /// <summary>There are tokens, and who comes without one may do nothing.</summary>
    public bool IsNeeded => tokens.Count > 0;

    /// <summary>Whose token it is, and what it allows; null if it is nobody's.</summary>
    public (string Name, HttpRoles Roles)? FindToken(string token)
    {
        if (token.Length > RequestCodec.TokenBytesMax) return null;

        // All are compared, each in a time that says nothing about how near a guess was.
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
