namespace Gateway.Configuration;

/// <summary>A reason for which a gateway would not start.</summary>
/// <param name="Text">A sentence that names the key.</param>
/// <param name="Source">The source that sets the key; null if none does.</param>
internal sealed record ConfigurationFault(string Text, string? Source);
