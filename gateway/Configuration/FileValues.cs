using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace Gateway.Configuration;

/// <summary>The values of one JSON file of the configuration, by whole key.</summary>
internal sealed class FileValues : ConfigurationProvider, IConfigurationSource
{
    private const string Form = "Write it as { \"Gateway\": { \"Name\": \"…\" } }; appsettings.json shows all keys.";

    private static readonly string[] _sections = [GatewayOptions.Section, LoggingRules.Section];

    private static readonly JsonDocumentOptions _options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly List<string> _lists = [];

    private FileValues(string path) => Path = path;

    /// <summary>The file's absolute path.</summary>
    public string Path { get; }

    /// <summary>Reads the values of a file's text.</summary>
    /// <exception cref="InvalidDataException">It is no JSON object, or has a key twice; the message names the place.</exception>
    public static FileValues Parse(string path, string text)
    {
        var file = new FileValues(path);
        using (var json = ParseJson(path, text)) AddLists(json.RootElement, "", file._lists);
        try
        {
            var framework = new Framework(new JsonStreamConfigurationSource { Stream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
            framework.Load();
            file.Data = framework.Values;
            return file;
        }
        catch (FormatException fault)
        {
            throw new InvalidDataException($"{path} cannot be used: {(fault.InnerException ?? fault).Message}", fault);
        }
    }

    /// <summary>Refuses a text that would set nothing, because it is no JSON or its keys are outside the sections.</summary>
    /// <exception cref="InvalidDataException">The message names the place of the fault.</exception>
    public static void Check(string path, string text) => ParseJson(path, text).Dispose();

    /// <summary>
    /// Removes what earlier files have of a list that a later one sets. The framework would replace the entries one by one, and leave the
    /// rest of a longer list.
    /// </summary>
    /// <param name="files">In the order in which they are read.</param>
    public static void ReplaceLists(IReadOnlyList<FileValues> files)
    {
        for (var later = 1; later < files.Count; later++)
        {
            foreach (var earlier in files.Take(later))
            {
                foreach (var key in earlier.Data.Keys.Where(files[later].IsOfList).ToList()) earlier.Data.Remove(key);
            }
        }
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    private static JsonDocument ParseJson(string path, string text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new InvalidDataException($"{path} is not JSON: it is empty. {Form}");
        try
        {
            var json = JsonDocument.Parse(text, _options);
            if (Misplaced(json.RootElement) is not { } fault) return json;
            json.Dispose();
            throw new InvalidDataException($"{path} {fault}. {Form}");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} is not JSON: {Place(fault, text)}: {Words(fault)}");
        }
    }

    /// <summary>The fault of a file that sets nothing; null if it has none.</summary>
    private static string? Misplaced(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return "is no JSON object";
        var keys = root.EnumerateObject().Select(member => member.Name.Split(ConfigurationPath.KeyDelimiter)[0]).ToList();
        var known = typeof(GatewayOptions).GetProperties().Select(property => property.Name);
        var misplaced = keys.Intersect(known, StringComparer.OrdinalIgnoreCase).ToList();
        if (misplaced.Count > 0) return $"has {string.Join(", ", misplaced)} beside the section Gateway and not in it";
        return keys.Count == 0 || keys.Intersect(_sections, StringComparer.OrdinalIgnoreCase).Any() ? null
            : $"has no section Gateway, but {string.Join(", ", keys)}";
    }

    private bool IsOfList(string key) => _lists.Any(list => key.StartsWith(list, StringComparison.OrdinalIgnoreCase)
        && (key.Length == list.Length || key[list.Length] == ConfigurationPath.KeyDelimiter[0]));

    private static void AddLists(JsonElement element, string key, List<string> lists)
    {
        if (element.ValueKind == JsonValueKind.Array) lists.Add(key);
        else if (element.ValueKind == JsonValueKind.Object)
            foreach (var member in element.EnumerateObject())
                AddLists(member.Value, key.Length == 0 ? member.Name : ConfigurationPath.Combine(key, member.Name), lists);
    }

    /// <summary>The line and the column of the fault, both counted from 1, as editors do.</summary>
    private static string Place(JsonException fault, string text)
    {
        var lines = text.Split('\n');
        var at = (int)Math.Min(fault.LineNumber ?? 0, lines.Length - 1);
        var line = Encoding.UTF8.GetBytes(lines[at]);
        var before = (int)Math.Min(fault.BytePositionInLine ?? 0, line.Length);
        return $"line {at + 1}, column {Encoding.UTF8.GetCharCount(line, 0, before) + 1}";
    }

    /// <summary>The parser's own words, without its place.</summary>
    private static string Words(JsonException fault) => fault.Message.Split(" LineNumber:")[0];

    /// <summary>The framework's reading of JSON as configuration.</summary>
    private sealed class Framework(JsonStreamConfigurationSource source) : JsonStreamConfigurationProvider(source)
    {
        public IDictionary<string, string?> Values => Data;
    }
}
