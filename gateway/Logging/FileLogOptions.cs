using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace Gateway.Logging;

/// <summary>The section <c>Logging:File</c>: a log in files of bounded size, beside the console.</summary>
internal sealed class FileLogOptions
{
    public const string Section = "Logging:File";

    /// <summary>The file that is written, relative to the working directory; empty for none. Full ones get .1, .2, … appended.</summary>
    public string Path { get; set; } = "";

    /// <summary>The size, in bytes, at which a new file is begun.</summary>
    [Range(64 * 1024, 1024 * 1024 * 1024)]
    public long SizeBytesMax { get; set; } = 10 * 1024 * 1024;

    /// <summary>The files kept, the one that is written among them.</summary>
    [Range(1, 1000)]
    public int FilesMax { get; set; } = 5;

    /// <summary><c>simple</c>, lines for people, or <c>json</c>, one object a line.</summary>
    public string FormatterName { get; set; } = "simple";

    /// <summary>Levels by category, which the framework reads.</summary>
    public Dictionary<string, string> LogLevel { get; set; } = [];

    /// <exception cref="InvalidOperationException">A value cannot be converted.</exception>
    public static FileLogOptions Of(IConfiguration configuration) =>
        configuration.GetSection(Section).Get<FileLogOptions>() ?? new FileLogOptions();
}
