using System.CommandLine;
using Gateway.Http.Answers;

namespace Gateway.Cli.Shell;

/// <summary>The option that chooses the format of a verb's output.</summary>
internal static class OutputOption
{
    public static Option<OutputFormat> Create()
    {
        var known = Enum.GetValues<OutputFormat>().ToDictionary(HttpJson.NameOf);
        var format = new Option<OutputFormat>("--output")
        {
            Description = "table for people, json for one document, jsonl for an object a line.",
            HelpName = string.Join('|', known.Keys),
            DefaultValueFactory = _ => OutputFormat.Table,
            CustomParser = result =>
            {
                var given = result.Tokens[0].Value;
                if (known.TryGetValue(given, out var chosen)) return chosen;
                result.AddError($"There is no output '{given}'; known are {string.Join(", ", known.Keys)}."
                    + Suggestion.For(given, known.Keys));
                return default;
            },
        };
        // Shells complete the lower-case words.
        format.CompletionSources.Clear();
        format.CompletionSources.Add([.. known.Keys]);
        return format;
    }
}
