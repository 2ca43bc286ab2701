using System.Security.Cryptography;
using System.Text;

namespace Gateway.Intake;

/// <summary>
/// Knows the configured applications by their tokens, of which it keeps only the SHA-256. Without any, everybody may do everything.
/// </summary>
internal sealed class ApplicationBook(IReadOnlyList<(byte[] TokenHash, ApplicationRights Rights)> applications)
{
    public static ApplicationBook Open { get; } = new([]);

    /// <summary>Null when no application has this token. The time it takes says nothing about how near a guess was.</summary>
    /// <param name="token">Empty for none.</param>
    public ApplicationRights? Find(string token)
    {
        if (applications.Count == 0) return ApplicationRights.All;
        var hash = Hash(token);
        ApplicationRights? found = null;
        foreach (var (known, rights) in applications)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash)) found = rights;
        }

        return found;
    }

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
