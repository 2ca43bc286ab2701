using System.Net;
using System.Security.Cryptography;
using Gateway.Client.Wire;
using Gateway.Intake;
using Gateway.Operations;

namespace Gateway.Http.Security;

/// <summary>Knows the configured tokens, of which it keeps only the SHA-256. Without any, everybody may do everything, and only loopback is listened on.</summary>
internal sealed class TokenBook(IReadOnlyList<(string Name, byte[] Hash, HttpRoles Roles)> tokens)
{
    private const string Local = "local";
    private const string Scheme = "Bearer ";

    /// <param name="authorization">The header Authorization; empty if there is none.</param>
    public Caller Find(string authorization, IPAddress address)
    {
        if (tokens.Count == 0) return new Caller(Local, HttpRoles.All, address);
        var nobody = new Caller(null, HttpRoles.None, address);
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || authorization.Length > Scheme.Length + RequestCodec.TokenBytesMax) return nobody;

        // All are compared, each in a time that says nothing about how near a guess was.
        var hash = ApplicationBook.Hash(authorization[Scheme.Length..].Trim());
        var found = nobody;
        foreach (var (name, known, roles) in tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash)) found = new Caller(name, roles, address);
        }

        return found;
    }

    public static TokenBook Of(HttpOptions options) => new([.. options.Tokens.Select(token => (token.Key, token.Value.TokenHash(), token.Value.ToRoles()))]);
}
