namespace Gateway.Configuration;

/// <summary>A changed value is applied to the running gateway.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class LiveAttribute : Attribute;
