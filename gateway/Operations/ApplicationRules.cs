using System.Security.Cryptography;
using Gateway.Client.Wire;

namespace Gateway.Operations;

/// <summary>The rules for applications and their tokens. What a token is stands in no message.</summary>
internal static class ApplicationRules
{
    public static void Check(IReadOnlyDictionary<string, ApplicationOptions> applications, ICollection<string> faults)
    {
        var known = new Dictionary<string, string>();
        foreach (var (name, application) in applications)
        {
            var key = $"Gateway:Intake:Applications:{name}";
            if (FaultOfToken(application) is { } fault)
            {
                faults.Add($"{key}: {fault}");
                continue;
            }

            var hash = Convert.ToHexString(application.TokenHash());
            if (!known.TryAdd(hash, name)) faults.Add($"{key} has the token of {known[hash]}; give each application one of its own.");
        }
    }

    private static string? FaultOfToken(ApplicationOptions application)
    {
        if (application.Token.Length > 0 == application.TokenSha256.Length > 0) return "give either its Token or its TokenSha256.";
        if (application.Token.Length > 0)
            return application.Token.Length < ApplicationOptions.TokenLengthMin || application.Token.Length > RequestCodec.TokenBytesMax ? $"its Token must have {ApplicationOptions.TokenLengthMin} to {RequestCodec.TokenBytesMax} characters; make it with 'openssl rand -hex 32'." : null;
        return application.TokenSha256.Length == 2 * SHA256.HashSizeInBytes && application.TokenSha256.All(char.IsAsciiHexDigit) ? null : "its TokenSha256 is not 64 hexadecimal digits.";
    }
}
