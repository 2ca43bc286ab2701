using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;

namespace Gateway.Client.CloudEvents;

/// <summary>CloudEvents 1.0 as messages, by the SDK of the CNCF.</summary>
/// <remarks>
/// In binary mode the attribute <c>name</c> is the header <c>ce-name</c>, whose text is the attribute's canonical form without any
/// escaping; <c>datacontenttype</c> is the header <c>content-type</c>. In structured mode <c>content-type</c> begins with
/// <c>application/cloudevents</c>.
/// </remarks>
public static class CloudEventMessages
{
    private static readonly CloudEventFormatter _json = new JsonEventFormatter();

    /// <summary>
    /// Hands an event to the gateway as one message. Unless the options have an id, the message's id follows from the destination and the
    /// event's source and id, so that an event that is sent again is accepted once. Its attribute <c>partitionkey</c> is the message's key
    /// unless the options have one.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="destination"><c>queue@peer</c>, or a bare <c>queue</c> for which the gateway has a route.</param>
    /// <param name="cloudEvent">The event, with all attributes that CloudEvents requires.</param>
    /// <param name="mode">How it becomes a message.</param>
    /// <param name="options">Id, further headers and expiry of the message.</param>
    /// <param name="formatter">Writes the data, or the event; null for JSON.</param>
    /// <param name="cancellationToken">Ends the wait, not the request.</param>
    /// <exception cref="InvalidOperationException">The event lacks a required attribute.</exception>
    /// <exception cref="GatewayException">The gateway refuses the message, or does not answer.</exception>
    public static ValueTask<EnqueueReceipt> EnqueueAsync(
        this GatewayClient client, string destination, CloudEvent cloudEvent, CloudEventMode mode, EnqueueOptions? options = null,
        CloudEventFormatter? formatter = null, CancellationToken cancellationToken = default)
    {
        Require(client, nameof(client));
        Require(destination, nameof(destination));
        Require(cloudEvent, nameof(cloudEvent));
        cloudEvent.Validate();
        var writer = formatter ?? _json;
        var message = mode == CloudEventMode.Binary
            ? CloudEventCodec.WriteBinary(cloudEvent, writer)
            : CloudEventCodec.WriteStructured(cloudEvent, writer);
        var complete = message.AddTo(options) with
        {
            MessageId = options?.MessageId ?? CloudEventCodec.IdOf(destination, cloudEvent),
            Key = CloudEventCodec.KeyOf(options, cloudEvent),
        };
        return client.EnqueueAsync(destination, message.Body, complete, cancellationToken);
    }

    /// <summary>Hands several events to the gateway as one message, in JSON's batch format unless a formatter says otherwise.</summary>
    /// <param name="client">The client.</param>
    /// <param name="destination"><c>queue@peer</c>, or a bare <c>queue</c> for which the gateway has a route.</param>
    /// <param name="cloudEvents">The events, each with all attributes that CloudEvents requires.</param>
    /// <param name="options">Id, further headers and expiry of the message.</param>
    /// <param name="formatter">Writes the events; null for JSON.</param>
    /// <param name="cancellationToken">Ends the wait, not the request.</param>
    /// <exception cref="GatewayException">The gateway refuses the message, or does not answer.</exception>
    public static ValueTask<EnqueueReceipt> EnqueueBatchAsync(
        this GatewayClient client, string destination, IReadOnlyList<CloudEvent> cloudEvents, EnqueueOptions? options = null,
        CloudEventFormatter? formatter = null, CancellationToken cancellationToken = default)
    {
        Require(client, nameof(client));
        Require(cloudEvents, nameof(cloudEvents));
        var message = CloudEventCodec.WriteBatch(cloudEvents, formatter ?? _json);
        return client.EnqueueAsync(destination, message.Body, message.AddTo(options), cancellationToken);
    }

    /// <summary>Whether the message says that it is an event, in either mode, or a batch of them.</summary>
    public static bool IsCloudEvent(this ReceivedMessage message)
    {
        Require(message, nameof(message));
        return CloudEventCodec.FormOf(message.Headers) != CloudEventForm.None;
    }

    /// <summary>Reads the event that a message is, in whichever mode.</summary>
    /// <param name="message">The message.</param>
    /// <param name="formatter">Reads the data, or the event; null for JSON, in which data is a <c>JsonElement</c>, text or bytes.</param>
    /// <param name="extensions">Extension attributes that are not text; null for none.</param>
    /// <exception cref="UnreadableMessageException">It is no event, or a malformed one. A processor rejects such a message.</exception>
    public static CloudEvent ToCloudEvent(
        this ReceivedMessage message, CloudEventFormatter? formatter = null, IEnumerable<CloudEventAttribute>? extensions = null)
    {
        Require(message, nameof(message));
        return CloudEventCodec.Read(message.Headers, message.Body, formatter ?? _json, extensions);
    }

    /// <summary>Reads the events of a message that is a batch, or the one that it is.</summary>
    /// <param name="message">The message.</param>
    /// <param name="formatter">Reads the events; null for JSON.</param>
    /// <param name="extensions">Extension attributes that are not text; null for none.</param>
    /// <exception cref="UnreadableMessageException">It is no event, or a malformed one. A processor rejects such a message.</exception>
    public static IReadOnlyList<CloudEvent> ToCloudEvents(
        this ReceivedMessage message, CloudEventFormatter? formatter = null, IEnumerable<CloudEventAttribute>? extensions = null)
    {
        Require(message, nameof(message));
        return CloudEventCodec.ReadAll(message.Headers, message.Body, formatter ?? _json, extensions);
    }

    private static void Require(object? given, string name)
    {
        if (given is null)
            throw new ArgumentNullException(name);
    }
}
