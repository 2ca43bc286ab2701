namespace Worker;

/// <summary>The body of a message, in JSON: <c>{"customer":"Ada","pieces":3}</c>.</summary>
internal sealed record Order(string Customer, int Pieces);
