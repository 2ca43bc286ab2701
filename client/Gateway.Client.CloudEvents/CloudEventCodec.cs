using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Core;
using CloudNative.CloudEvents.Extensions;
using Gateway.Client.Requests;

namespace Gateway.Client.CloudEvents;

/// <summary>Events to messages and back. Pure.</summary>
internal static class CloudEventCodec
{
    private const string Prefix = "ce-";
    private const string SpecVersion = "specversion";

    public static EncodedEvent WriteBinary(CloudEvent cloudEvent, CloudEventFormatter formatter)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        { [Prefix + SpecVersion] = cloudEvent.SpecVersion.VersionId };
        foreach (var attribute in cloudEvent.GetPopulatedAttributes())
            headers[Prefix + attribute.Key.Name] = attribute.Key.Format(attribute.Value);
        headers.Remove(Prefix + cloudEvent.SpecVersion.DataContentTypeAttribute.Name);
        if (formatter.GetOrInferDataContentType(cloudEvent) is { } type)
            headers[TypedMessages.ContentTypeHeader] = type;
        return new EncodedEvent(formatter.EncodeBinaryModeEventData(cloudEvent), headers);
    }

    public static EncodedEvent WriteStructured(CloudEvent cloudEvent, CloudEventFormatter formatter)
    {
        var body = formatter.EncodeStructuredModeMessage(cloudEvent, out var type);
        return new EncodedEvent(body, new Dictionary<string, string> { [TypedMessages.ContentTypeHeader] = type.ToString() });
    }

    public static EncodedEvent WriteBatch(IReadOnlyList<CloudEvent> cloudEvents, CloudEventFormatter formatter)
    {
        var body = formatter.EncodeBatchModeMessage(cloudEvents, out var type);
        return new EncodedEvent(body, new Dictionary<string, string> { [TypedMessages.ContentTypeHeader] = type.ToString() });
    }

    /// <summary>The key of an event that has been given one, or that it brings along; null for none.</summary>
    public static string? KeyOf(EnqueueOptions? options, CloudEvent cloudEvent) =>
        options?.Key ?? cloudEvent[Partitioning.PartitionKeyAttribute.Name] as string;

    /// <summary>The id of its message: of two events with the same source and id at one destination, the same.</summary>
    public static MessageId IdOf(string destination, CloudEvent cloudEvent) =>
        DerivedId.OfEvent(destination, cloudEvent.Source!.OriginalString, cloudEvent.Id!);

    public static CloudEventForm FormOf(IReadOnlyDictionary<string, string> headers)
    {
        headers.TryGetValue(TypedMessages.ContentTypeHeader, out var type);
        // The second would be taken for the first.
        return MimeUtilities.IsCloudEventsBatchContentType(type) ? CloudEventForm.Batch
            : MimeUtilities.IsCloudEventsContentType(type) ? CloudEventForm.Structured
            : headers.ContainsKey(Prefix + SpecVersion) ? CloudEventForm.Binary
            : CloudEventForm.None;
    }

    /// <exception cref="UnreadableMessageException">It is not one event.</exception>
    public static CloudEvent Read(
        IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, CloudEventFormatter formatter,
        IEnumerable<CloudEventAttribute>? extensions) => FormOf(headers) switch
        {
            CloudEventForm.Binary => Guarded(() => ReadBinary(headers, body, formatter, extensions)),
            CloudEventForm.Structured => Guarded(() => formatter.DecodeStructuredModeMessage(
                body, MimeUtilities.CreateContentTypeOrNull(headers[TypedMessages.ContentTypeHeader]), extensions).Validate()),
            CloudEventForm.Batch => throw new UnreadableMessageException("The message is a batch of events, not one event."),
            _ => throw new UnreadableMessageException(
                $"The message is no CloudEvent: it has neither a header '{Prefix}{SpecVersion}' nor a content type of CloudEvents."),
        };

    /// <exception cref="UnreadableMessageException">It holds no events.</exception>
    public static IReadOnlyList<CloudEvent> ReadAll(
        IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, CloudEventFormatter formatter,
        IEnumerable<CloudEventAttribute>? extensions) => FormOf(headers) == CloudEventForm.Batch
        ? Guarded(() => formatter.DecodeBatchModeMessage(
            body, MimeUtilities.CreateContentTypeOrNull(headers[TypedMessages.ContentTypeHeader]), extensions))
        : new[] { Read(headers, body, formatter, extensions) };

    private static CloudEvent ReadBinary(
        IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, CloudEventFormatter formatter,
        IEnumerable<CloudEventAttribute>? extensions)
    {
        var given = headers[Prefix + SpecVersion];
        var version = CloudEventsSpecVersion.FromVersionId(given)
            ?? throw new UnreadableMessageException($"The event is one of CloudEvents '{given}', which is not known.");
        var cloudEvent = new CloudEvent(version, extensions);
        foreach (var header in headers)
        {
            if (header.Key.StartsWith(Prefix, StringComparison.Ordinal) && header.Key != Prefix + SpecVersion)
                cloudEvent.SetAttributeFromString(header.Key.Substring(Prefix.Length), header.Value);
        }

        if (headers.TryGetValue(TypedMessages.ContentTypeHeader, out var type))
            cloudEvent.DataContentType = type;
        formatter.DecodeBinaryModeEventData(body, cloudEvent);
        return cloudEvent.Validate();
    }

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is not UnreadableMessageException)
        {
            // A formatter may be the application's, and throw anything; whatever it is, the next attempt would meet it again.
            throw new UnreadableMessageException($"The event is malformed: {fault.Message}", fault);
        }
    }
}
