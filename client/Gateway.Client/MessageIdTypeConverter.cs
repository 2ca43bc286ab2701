using System.ComponentModel;
using System.Globalization;

namespace Gateway.Client;

/// <summary>Converts between <see cref="MessageId"/> and text, for configurations and designers. Applies by itself.</summary>
public sealed class MessageIdTypeConverter : TypeConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    /// <inheritdoc/>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? MessageId.Parse(text) : base.ConvertFrom(context, culture, value);
}
