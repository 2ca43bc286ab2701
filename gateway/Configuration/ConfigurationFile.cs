namespace Gateway.Configuration;

/// <summary>The part that a file has in the configuration.</summary>
internal enum FileRole
{
    /// <summary>appsettings.json beside the program; a gateway can do without it.</summary>
    Program,

    /// <summary>The file of <c>--config</c>, which must be there.</summary>
    Named,

    /// <summary>A file of <see cref="ConfigurationFolder"/>, which may come and go.</summary>
    Further,
}

/// <summary>A file from which a gateway reads its configuration.</summary>
/// <param name="Path">Absolute.</param>
internal readonly record struct ConfigurationFile(string Path, FileRole Role);

/// <summary>A file's text that is not written yet: the configuration is read as if it were.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Text">Null if the file is to be removed.</param>
internal sealed record PlannedFile(string Path, string? Text);
