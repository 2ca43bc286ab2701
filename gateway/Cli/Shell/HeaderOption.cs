using System.CommandLine;
using System.CommandLine.Parsing;

namespace Gateway.Cli.Shell;

/// <summary>The repeatable option <c>--header key=value</c>.</summary>
internal static class HeaderOption
{
    public static Option<Dictionary<string, string>> Create() => new("--header")
    {
        Description = "A header of the message; may be given several times.",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = Parse,
    };

    private static Dictionary<string, string> Parse(ArgumentResult result)
    {
        var headers = new Dictionary<string, string>();
        foreach (var token in result.Tokens)
        {
            var equals = token.Value.IndexOf('=');
            if (equals <= 0)
                result.AddError($"'{token.Value}' is not a header; give one as --header key=value.");
            else if (!headers.TryAdd(token.Value[..equals], token.Value[(equals + 1)..]))
                result.AddError($"The header '{token.Value[..equals]}' is given twice.");
        }

        return headers;
    }
}
