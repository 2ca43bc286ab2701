namespace Gateway.Kernel;

/// <summary>Another program kept a file from being opened, renamed or deleted for longer than <see cref="FilePatience"/> waits.</summary>
internal sealed class FileHeldException(string path, TimeSpan waited, Exception cause) : IOException(
    $"{path} is held by another program{(waited.TotalSeconds < 0.1 ? "" : $", and was for {Figures.Span(waited)}")}: "
        + $"{cause.Message.TrimEnd('.')}. Exempt the folder from virus scanners, indexers and backups that lock files.",
    cause);
