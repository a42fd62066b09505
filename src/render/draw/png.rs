//! Pixels → PNG.

use png::{BitDepth, ColorType, Compression, Encoder, FilterType};

/// `rgb` (three bytes per pixel, row by row from the top) as a PNG of 8-bit RGB.
///
/// The fast compression is a twentieth of the default one's time for about twice the bytes; on flat colour the Paeth
/// filter keeps those fewest. Both are fixed, so the same pixels give the same file.
pub(super) fn encode(rgb: &[u8], width: u32, height: u32) -> Vec<u8> {
    assert_eq!(
        rgb.len(),
        3 * width as usize * height as usize,
        "three bytes per pixel"
    );
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    encoder.set_filter(FilterType::Paeth);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(rgb)?;
        writer.finish()
    });
    written.expect("a page has pixels, as many as it says, and memory takes them");
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_page_takes_a_hundredth_of_its_pixels() {
        let (width, height) = (600, 400);
        let page = vec![255; 3 * width * height];
        let file = encode(&page, width as u32, height as u32);
        assert!(100 * file.len() < page.len(), "{} bytes", file.len());
    }

    #[test]
    fn pixels_come_back_as_they_were() {
        let pixels: Vec<u8> = (0..3 * 7 * 5).map(|at| (at * 37 % 256) as u8).collect();
        let file = encode(&pixels, 7, 5);
        let mut reader = png::Decoder::new(file.as_slice()).read_info().unwrap();
        let mut back = vec![0; reader.output_buffer_size()];
        reader.next_frame(&mut back).unwrap();
        assert_eq!(back, pixels);
    }
}
