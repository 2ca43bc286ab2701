namespace Gateway.Configuration;

/// <summary>The value gives rights to whoever knows it: it is never shown.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;
