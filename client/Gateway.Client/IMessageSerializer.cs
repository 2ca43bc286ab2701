namespace Gateway.Client;

/// <summary>Turns an application's types into message bodies and back. Used by many threads at once.</summary>
public interface IMessageSerializer
{
    /// <summary>
    /// The content type of what it writes, such as <c>application/json</c>. It travels as the header <c>content-type</c>.
    /// </summary>
    string ContentType { get; }

    /// <summary>Whether it reads bodies of the content type, which may have parameters.</summary>
    bool CanRead(string contentType);

    /// <summary>Writes a body.</summary>
    byte[] Write<T>(T value);

    /// <summary>Reads a body. Any exception means that the body is unreadable, now and later; its text becomes the reason.</summary>
    T? Read<T>(ReadOnlyMemory<byte> body);
}
