using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Conventions;

/// <summary>Texts for people take their figures from one place, so that none says "1 messages", or a span in a form of its own.</summary>
public sealed partial class FiguresUseTests
{
    private static readonly Regex _countWithNoun = new(
        @"(?<!\$)\{(?<count>[^{}""]+(""[^""]*""[^{}""]*)*)\} (messages|dead letters|lines|queues|connections|groups|times|entries|"
            + "peers|events|operations|requests|exports|files|gateways|days|attempts|letters)\\b", RegexOptions.ExplicitCapture);

    /// <summary>Limits, which are more than one, structured texts of the log, and patterns of C#.</summary>
    private static readonly Regex _noCount = new(@"(Max|Min)$|^ |^\w+Max|BytesMax|^[A-Z]\w+$");

    [Theory]
    [InlineData("cs")]
    [InlineData("razor")]
    public void Counts_StandWithTheirNounThroughFigures(string extension) => Texts(extension)
        .SelectMany(at => _countWithNoun.Matches(at.Line).Select(match => (at.Place, Count: match.Groups["count"].Value)))
        .Where(found => !_noCount.IsMatch(found.Count)).Select(found => $"{found.Place}: {{{found.Count}}}").ShouldBeEmpty();

    /// <summary>A template cannot choose between one and many: it takes a text of Figures, or names the count after a colon.</summary>
    [Fact]
    public void Counts_InTemplatesOfTheLog_DoNotStandBeforeTheirNoun() => Templates()
        .SelectMany(template => CountInTemplate().Matches(template.Text)
            .Where(match => template.Counts.Contains(match.Groups["count"].Value)).Select(match => $"{template.Place}: {match.Value}"))
        .ShouldBeEmpty();

    [Theory]
    [InlineData("cs")]
    [InlineData("razor")]
    public void Spans_AreWrittenByFigures(string extension) => Texts(extension)
        .Where(at => SpanWithFormat().IsMatch(at.Line)).Select(at => at.Place).ShouldBeEmpty();

    private static IEnumerable<(string Place, string Text, HashSet<string> Counts)> Templates() =>
        from type in typeof(global::Gateway.Cli.CommandLine).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public
            | BindingFlags.NonPublic)
        let message = method.GetCustomAttribute<LoggerMessageAttribute>()?.Message
        where message is not null
        select ($"{type.Name}.{method.Name}", message, method.GetParameters()
            .Where(parameter => parameter.ParameterType == typeof(int) || parameter.ParameterType == typeof(long))
            .Select(parameter => parameter.Name!).Where(name => name is not "max")
            .ToHashSet(StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<(string Place, string Line)> Texts(string extension) =>
        Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "gateway"), $"*.{extension}", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj")
                && Path.GetFileName(file) != "Figures.cs")
            .SelectMany(file => File.ReadLines(file).Select((line, index) => ($"{file}:{index + 1}", line)))
            .Where(at => !at.line.TrimStart().StartsWith("///", StringComparison.Ordinal));

    [GeneratedRegex(@"\{(?<count>\w+)\} ([a-z]+ )?(?!(is|was|has)\b)\w+s\b", RegexOptions.ExplicitCapture)]
    private static partial Regex CountInTemplate();

    [GeneratedRegex(@"Total(Milliseconds|Seconds|Minutes|Hours|Days):[0#.]+\}? ?(ms|s|min|h|d)\b")]
    private static partial Regex SpanWithFormat();
}
