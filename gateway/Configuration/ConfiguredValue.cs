namespace Gateway.Configuration;

/// <summary>One value of the configuration, and the source that sets it.</summary>
/// <param name="Key">The whole key, such as <c>Gateway:Links:DeadAfter</c>.</param>
/// <param name="Value">The value as text; a secret is replaced by <see cref="EffectiveConfiguration.Hidden"/>.</param>
/// <param name="Source">
/// A file, an environment variable or argument; <see cref="EffectiveConfiguration.Default"/> if nothing sets it.
/// </param>
/// <param name="IsChanged">The value differs from the default.</param>
internal sealed record ConfiguredValue(string Key, string Value, string Source, bool IsChanged);
