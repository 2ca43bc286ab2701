namespace Gateway.Kernel;

/// <summary>
/// Windows denied the gateway's user access to a file, and still did after <see cref="FilePatience"/> had allowed for a file that was just
/// being deleted.
/// </summary>
internal sealed class FileDeniedException(string path, Exception cause) : UnauthorizedAccessException(
    $"Access to {path} is denied to the user {Environment.UserName}: {cause.Message.TrimEnd('.')}. Give this user the right to read and "
        + $"change the file and its folder, and see that the file is not marked read-only.",
    cause);
