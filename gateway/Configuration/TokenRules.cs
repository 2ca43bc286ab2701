using System.Security.Cryptography;
using Gateway.Client.Wire;

namespace Gateway.Configuration;

/// <summary>The rules for configured tokens. Messages never contain a token.</summary>
internal static class TokenRules
{
    /// <summary>A sentence describing the fault, or null.</summary>
    public static string? FaultOf(string token, string tokenSha256)
    {
        if (token.Length > 0 == tokenSha256.Length > 0) return "give either its Token or its TokenSha256.";
        if (token.Length > 0)
            return token.Length < ApplicationOptions.TokenLengthMin || token.Length > ProtocolLimits.TokenBytesMax ? $"its Token must have "
                + $"{ApplicationOptions.TokenLengthMin} to {ProtocolLimits.TokenBytesMax} characters; make it with 'openssl rand -hex 32'."
                : null;
        return tokenSha256.Length == 2 * SHA256.HashSizeInBytes
            && tokenSha256.All(char.IsAsciiHexDigit) ? null : "its TokenSha256 is not 64 hexadecimal digits.";
    }
}
