using System.Globalization;
using System.Text.Json;
using Gateway.Client.Wire;
using Gateway.Http.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Gateway.Http.Resources;

/// <summary>
/// A received message for a program that does not read JSON: the body of the answer is that of the message, and what else there is to say
/// stands in the answer's headers. 204 without a message.
/// </summary>
internal sealed class BareDelivery(Reply.Delivery? delivery) : IResult
{
    public const string MediaType = "application/octet-stream";

    private const string Token = "Delivery-Token";
    private const string Id = "Message-Id";
    private const string Deliveries = "Message-Deliveries";
    private const string Source = "Message-Source";

    /// <summary>The request names this media type, and would rather have it than JSON.</summary>
    public static bool IsWanted(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return QualityOf(accepted, MediaType) is var bare and > 0 && bare >= QualityOf(accepted, "application/json");
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (delivery is not { Message: var message })
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        response.ContentType = MediaType;
        response.ContentLength = message.Body.Length;
        response.Headers[Token] = delivery.Token.Value.ToString(CultureInfo.InvariantCulture);
        response.Headers[Id] = message.Id.ToString();
        response.Headers[Deliveries] = message.Deliveries.ToString(CultureInfo.InvariantCulture);
        response.Headers[Source] = message.Source;
        response.Headers[EnqueueResources.HeadersHeader] = InAscii(MessageHeaders.Read(message.Headers));
        await response.Body.WriteAsync(message.Body, httpContext.RequestAborted);
    }

    /// <summary>The serializer escapes everything that is not ASCII, as in a request that sends.</summary>
    private static string InAscii(IReadOnlyDictionary<string, string> headers) => JsonSerializer.Serialize(headers);

    private static double QualityOf(IList<MediaTypeHeaderValue> accepted, string type) =>
        accepted.Where(one => one.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
            .Select(one => one.Quality ?? 1).DefaultIfEmpty(0).Max();
}
