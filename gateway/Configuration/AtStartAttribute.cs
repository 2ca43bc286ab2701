namespace Gateway.Configuration;

/// <summary>A changed value takes effect when the gateway is started again.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AtStartAttribute : Attribute;
