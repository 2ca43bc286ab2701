namespace Gateway.Cli.Shell;

/// <summary>Configuration on the command line, such as <c>--Gateway:Name=billing</c>, of the verbs that take it.</summary>
internal static class ConfigurationTokens
{
    /// <summary>The tokens and the file unchanged, once each token is known to be configuration.</summary>
    /// <param name="config">The arguments of <see cref="ConfigOption"/>.</param>
    /// <exception cref="CommandLineException">A token is neither a key nor the value of one.</exception>
    public static string[] Take(IReadOnlyList<string> tokens, string[] config)
    {
        var valueMayFollow = false;
        foreach (var token in tokens)
        {
            var isKey = token.StartsWith("--", StringComparison.Ordinal) && token.Contains(':');
            if (!isKey && !valueMayFollow)
            {
                throw new CommandLineException(
                    ExitCode.Usage, $"'{token}' is neither a verb nor configuration such as --Gateway:Name=billing; --help lists "
                        + $"the verbs.{Suggestion.For(token.Split('=')[0], ["--config", "--help", "--version"])}");
            }

            valueMayFollow = isKey && !token.Contains('=');
        }

        return [.. tokens, .. config];
    }
}
