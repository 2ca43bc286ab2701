using System.CommandLine;
using Gateway.Http.Answers;

namespace Gateway.Cli.Shell;

/// <summary>An option that accepts a closed set of words, written as in the HTTP API.</summary>
internal static class ChoiceOption
{
    /// <param name="description">The text before the list of words.</param>
    public static Option<T?> Create<T>(string name, string description)
        where T : struct, Enum
    {
        var known = Enum.GetValues<T>().ToDictionary(HttpJson.NameOf);
        var words = string.Join(", ", known.Keys);
        var option = new Option<T?>(name)
        {
            Description = $"{description}: {words}.",
            HelpName = name.TrimStart('-').ToUpperInvariant(),
            CustomParser = result =>
            {
                if (known.TryGetValue(result.Tokens[0].Value, out var member)) return member;
                result.AddError($"There is no {name.TrimStart('-')} '{result.Tokens[0].Value}'; known are {words}."
                    + Suggestion.For(result.Tokens[0].Value, known.Keys));
                return null;
            },
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add([.. known.Keys]);
        return option;
    }
}
