using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.Tests.Packaging;

/// <summary>A Dockerfile, read as an engine reads it, as far as ours goes: what it does not know is refused. Pure.</summary>
internal sealed partial class ImageFile
{
    private readonly Dictionary<string, string> _arguments = [];

    private ImageFile()
    {
    }

    /// <summary>The name of the image that it begins with.</summary>
    public string Base { get; private set; } = "";

    /// <summary>What changes the files of the image, in order: RUN with a command of the shell, COPY with source and target.</summary>
    public List<(string Instruction, string[] Words)> Steps { get; } = [];

    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>UID:GID.</summary>
    public string User { get; private set; } = "0:0";

    public string Folder { get; private set; } = "/";

    public string StopSignal { get; private set; } = "";

    public IReadOnlyList<string> Entry { get; private set; } = [];

    public IReadOnlyList<string> Arguments { get; private set; } = [];

    /// <summary>The command of the shell that tells whether a container is healthy.</summary>
    public string HealthCheck { get; private set; } = "";

    public static ImageFile Parse(string text)
    {
        var file = new ImageFile();
        // A line that ends with a backslash goes on; comments are left out first, inside of such lines too.
        var whole = Continued().Replace(Comment().Replace(text, ""), " ");
        foreach (var line in whole.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = line.IndexOf(' ');
            file.Read(line[..at], line[at..].Trim());
        }

        return file;
    }

    private void Read(string instruction, string rest)
    {
        switch (instruction)
        {
            case "ARG":
                _arguments[rest.Split('=', 2)[0]] = rest.Split('=', 2)[1];
                break;
            case "FROM":
                Base = _arguments.Aggregate(rest, (name, argument) => name.Replace($"${{{argument.Key}}}", argument.Value));
                break;
            case "RUN":
                Steps.Add((instruction, [rest]));
                break;
            case "COPY":
                var words = Spaces().Split(rest);
                if (words.Length != 2 || words[0].StartsWith('-')) throw Unknown(instruction, rest);
                Steps.Add((instruction, words));
                break;
            case "ENV":
                foreach (var pair in Spaces().Split(rest)) Variables[pair.Split('=', 2)[0]] = pair.Split('=', 2)[1];
                break;
            case "USER":
                User = rest;
                break;
            case "WORKDIR":
                Folder = rest;
                break;
            case "STOPSIGNAL":
                StopSignal = rest;
                break;
            case "HEALTHCHECK" when rest.Split(" CMD ", 2) is [_, var command]:
                HealthCheck = command.Trim();
                break;
            case "ENTRYPOINT":
                Entry = JsonSerializer.Deserialize<string[]>(rest)!;
                break;
            case "CMD":
                Arguments = JsonSerializer.Deserialize<string[]>(rest)!;
                break;
            // The one who runs it names volumes and ports.
            case "EXPOSE" or "VOLUME":
                break;
            default:
                throw Unknown(instruction, rest);
        }
    }

    private static InvalidOperationException Unknown(string instruction, string rest) =>
        new($"The test does not know what '{instruction} {rest}' means.");

    [GeneratedRegex(@"^\s*#.*\n", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
