namespace Gateway.Configuration;

/// <summary>The rules for applications and their tokens. Messages never contain a token.</summary>
internal static class ApplicationRules
{
    public static void Check(IReadOnlyDictionary<string, ApplicationOptions> applications, ICollection<string> faults)
    {
        var known = new Dictionary<string, string>();
        foreach (var (name, application) in applications)
        {
            var key = $"Gateway:Intake:Applications:{name}";
            if (TokenRules.FaultOf(application.Token, application.TokenSha256) is { } fault)
            {
                faults.Add($"{key}: {fault}");
                continue;
            }

            var hash = Convert.ToHexString(application.TokenHash());
            if (!known.TryAdd(hash, name)) faults.Add($"{key} has the token of {known[hash]}; give each application one of its own.");
        }
    }
}
