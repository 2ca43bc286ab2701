namespace Web;

/// <summary>Sent to the warehouse, in JSON: <c>{"order":1,"pieces":3}</c>.</summary>
internal sealed record OrderPlaced(int Order, int Pieces);
