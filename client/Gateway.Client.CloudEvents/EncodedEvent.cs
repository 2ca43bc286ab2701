namespace Gateway.Client.CloudEvents;

/// <summary>An event as body and headers.</summary>
internal sealed class EncodedEvent(ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> ofEvent)
{
    /// <summary>The body of the message.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    /// <summary>The options with the headers of the event beside those of the application.</summary>
    /// <exception cref="ArgumentException">The application gave one of the event's headers another text.</exception>
    public EnqueueOptions AddTo(EnqueueOptions? options)
    {
        var headers = ofEvent.ToDictionary(header => header.Key, header => header.Value, StringComparer.Ordinal);
        foreach (var header in options?.Headers ?? new Dictionary<string, string>())
        {
            if (headers.TryGetValue(header.Key, out var own) && own != header.Value)
                throw new ArgumentException($"The header '{header.Key}' is one of the event, which has '{own}' there.", nameof(options));
            headers[header.Key] = header.Value;
        }

        return (options ?? new EnqueueOptions()) with { Headers = headers };
    }
}
