using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Gateway.Client.Wire;

namespace Gateway.Http.Views;

/// <summary>A message that its caller holds until the lease ends.</summary>
internal sealed record DeliveryView
{
    /// <summary>Identifies the delivery for its settlement.</summary>
    public required string Token { get; init; }

    public required Guid Id { get; init; }

    /// <summary>The number of deliveries, including this one.</summary>
    public required int Deliveries { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The gateway that accepted the message.</summary>
    public required string Source { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body, if it is UTF-8 text.</summary>
    public string? Text { get; init; }

    /// <summary>The body, if it is not UTF-8 text.</summary>
    public string? Base64 { get; init; }

    public static DeliveryView Of(Reply.Delivery delivery)
    {
        var message = delivery.Message;
        var isText = Utf8.IsValid(message.Body.Span);
        return new DeliveryView
        {
            Token = delivery.Token.Value.ToString(CultureInfo.InvariantCulture),
            Id = message.Id.Value,
            Deliveries = message.Deliveries,
            AcceptedAt = Times.Of(message.EnqueuedUnixMs),
            ExpiresAt = Times.OrNever(message.ExpiresUnixMs),
            Source = message.Source,
            Headers = MessageHeaders.Read(message.Headers),
            Text = isText ? Encoding.UTF8.GetString(message.Body.Span) : null,
            Base64 = isText ? null : Convert.ToBase64String(message.Body.Span),
        };
    }
}
