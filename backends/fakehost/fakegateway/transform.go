package fakegateway

import (
	"bytes"
	"image"
	_ "image/gif"  // decodes GIF
	_ "image/jpeg" // decodes JPEG
	"image/png"
	"net/http"
	"net/url"
	"strconv"
)

// transform makes an image smaller: fit keeps its proportions in a frame of w×h,
// smartcrop fills the frame. It is never made larger. The result is a PNG. What
// is no image, or none that Go can read, comes back as it is.
func transform(content []byte, q url.Values) ([]byte, error) {
	frame := image.Pt(side(q, "w"), side(q, "h"))
	picture, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return content, nil
	}
	var size image.Point
	from := picture.Bounds()
	switch q.Get("nf_resize") {
	case "fit":
		size = fit(from.Size(), frame)
	case "smartcrop":
		if frame.X == 0 || frame.Y == 0 {
			return nil, fail(http.StatusBadRequest, "smartcrop needs both w and h")
		}
		size = image.Pt(min(frame.X, from.Dx()), min(frame.Y, from.Dy()))
		from = middle(from, size)
	default:
		return nil, fail(http.StatusBadRequest, "unknown nf_resize %q", q.Get("nf_resize"))
	}
	var out bytes.Buffer
	if err := png.Encode(&out, scale(picture, from, size)); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// side is a length in pixels; 0 when it is not given.
func side(q url.Values, name string) int {
	n, err := strconv.Atoi(q.Get(name))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// fit is the size of an image in a frame, whose sides count when they are given.
func fit(size, frame image.Point) image.Point {
	out := size
	if frame.X > 0 && out.X > frame.X {
		out = image.Pt(frame.X, max(out.Y*frame.X/out.X, 1))
	}
	if frame.Y > 0 && out.Y > frame.Y {
		out = image.Pt(max(out.X*frame.Y/out.Y, 1), frame.Y)
	}
	return out
}

// middle is the largest part in the middle of an image that has the proportions
// of a size.
func middle(of image.Rectangle, size image.Point) image.Rectangle {
	part := image.Pt(of.Dx(), of.Dx()*size.Y/size.X)
	if part.Y > of.Dy() {
		part = image.Pt(of.Dy()*size.X/size.Y, of.Dy())
	}
	at := of.Min.Add(of.Size().Sub(part).Div(2))
	return image.Rectangle{Min: at, Max: at.Add(part)}
}

// scale draws a part of an image in another size, pixel by nearest pixel.
func scale(picture image.Image, from image.Rectangle, size image.Point) image.Image {
	out := image.NewNRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			out.Set(x, y, picture.At(from.Min.X+x*from.Dx()/size.X, from.Min.Y+y*from.Dy()/size.Y))
		}
	}
	return out
}
